# bench/plots.gp - one figure against the number of tasks, a line for each tool.
# Wants: data, target, what, series, machine, step (columns of one series: 3 with its quartiles, else 1).
set terminal svg size 900,560 dynamic font "sans-serif,13" background "white"
set output target
set title what."\n".machine noenhanced
set xlabel "tasks"
set logscale x 10
if (step == 3) set logscale y 10; else set yrange [0:*]
set format x "%.0s%c"
set grid
set key outside right top noenhanced
set datafile separator "\t"
set datafile columnheaders
column_of(i) = 2 + i * step
if (step == 3) plot for [i=0:series-1] data \
	using 1:(column(column_of(i))):(column(column_of(i) + 1)):(column(column_of(i) + 2)) \
	with yerrorlines lw 2 pt 7 ps 0.5 title columnheader(column_of(i)); \
else plot for [i=0:series-1] data using 1:(column(column_of(i))) with linespoints lw 2 pt 7 ps 0.5 title columnheader(column_of(i))
