"""Pure rules of identity: names, dates, phones, record numbers, what a search means, how alike two persons are."""
