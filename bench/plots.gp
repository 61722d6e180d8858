# bench/plots.gp - one figure against the number of tasks, a line for each tool.
# Wants: data, target, what, series, step (columns of one series), machine.
set terminal svg size 900,560 dynamic font "sans-serif,13" background "white"
set output target
set title what."\n".machine noenhanced
set xlabel "tasks"
set ylabel what noenhanced
set logscale x 10
if (step == 3) set logscale y 10
if (step == 1) set yrange [0:*]
set format x "%.0s%c"
set grid
set key outside right top noenhanced
set datafile separator "\t"
set datafile columnheaders
plot for [i=0:series-1] data using 1:(column(2 + i * step)) with linespoints lw 2 pt 7 ps 0.6 title columnheader(2 + i * step), \
     for [i=0:series-1] data using 1:(column(2 + i * step)):(column(step == 3 ? 3 + i * step : 2 + i * step)):(column(step == 3 ? 4 + i * step : 2 + i * step)) \
         with yerrorbars lw 1 pt 0 lc i + 1 notitle
