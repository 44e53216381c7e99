"""The pure core: plans the year of learning networks. No Flask, no database, no clock, no network, no randomness."""
