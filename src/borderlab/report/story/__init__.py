"""Results told in plain words: a run, a future, rules, history, effects, backtests."""
