"""bench/stats.py - a figure is its median with its quartiles, always."""


def rank(ordered, share):
    """By linear interpolation between the two nearest."""
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def stat(values):
    """None where nothing was measured."""
    ordered = sorted(v for v in values if v is not None)
    if not ordered:
        return None
    return {"median": rank(ordered, 0.5), "q1": rank(ordered, 0.25), "q3": rank(ordered, 0.75),
            "min": ordered[0], "n": len(ordered)}


def median(values):
    return stat(values)["median"]


def digits(value):
    """Three that count; thousands and millions by their letters."""
    if value is None:
        return "-"
    for least, unit, letter in ((999500, 1e6, "M"), (99950, 1e3, "k")):
        if abs(value) >= least:
            return digits(value / unit) + letter
    for limit, places in ((9.995, 2), (99.95, 1)):
        if abs(value) < limit:
            return f"{value:.{places}f}"
    return f"{value:,.0f}"


def spread(s):
    return f"{digits(s['median'])} [{digits(s['q1'])} {digits(s['q3'])}]" if s else "-"


def ratio(s, to):
    """Of two stats, by their medians; None where one is missing."""
    return s["median"] / to["median"] if s and to and to["median"] else None


def apart(a, b):
    """The spreads of two figures do not touch."""
    return a["q3"] < b["q1"] or b["q3"] < a["q1"]
