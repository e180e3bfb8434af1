"""Listings to suspicion: price and purchase frequency, per listing, per seller and brand, per seller.

`kernel.scan` is the door and a pure function of its input; `columns` says what a listing is, `reference`
what a genuine one costs, `suspicion` how far one is from that, `rollup` what it says of a seller. `spark`
runs the same functions, group by group, on Apache Spark.
"""
