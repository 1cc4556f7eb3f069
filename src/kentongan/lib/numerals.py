"""Numbers in Indonesian words, as official records spell out their dates."""

_ONES = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")


def spelled(n: int) -> str:
    """``2026`` → ``dua ribu dua puluh enam``. Raises ``ValueError`` outside 0 to 9999."""
    if not 0 <= n <= 9999:
        raise ValueError(f"no words for {n}")
    if n < 12:
        return _ONES[n]
    if n < 20:
        return f"{_ONES[n - 10]} belas"
    for size, name, one in ((1000, "ribu", "seribu"), (100, "ratus", "seratus"), (10, "puluh", "")):
        if n >= size:
            many, rest = divmod(n, size)
            words = one if many == 1 else f"{_ONES[many]} {name}"
            return f"{words} {spelled(rest)}" if rest else words
    raise AssertionError("every number has words")
