"""The Python client: what a notebook needs, in a few calls that return Polars frames.

Two ways in. *Without a server*, functions on plain data: simulate or read a market, weigh its evidence, find its
rackets, measure them. *With Neo4j*, a :class:`Client`: load tables, run and publish detection, read runs, rackets and
reasons back. Both give the same frames. A column is called like the property it holds in the graph (``racketId``,
``hubProbability``); truth that was never in the graph is called as in its file (``racket_id``). Every frame has
``.to_pandas()``.

Examples
--------
All examples of this page go on from here, and all are run by the tests. A market of 300 stores, with its truth:

>>> import graphsvc
>>> folder = graphsvc.simulate_market("market", sellers=300, seed=7)
>>> market = graphsvc.read_market(folder)
>>> findings = graphsvc.detect(market)
>>> findings.rackets.height > 0
True

The same in Neo4j; without ``NEO4J_URI`` the local one is started, which takes a minute the first time:

>>> client = graphsvc.Client()
>>> loaded = client.ingest(folder)
>>> run = client.detect()
>>> run.findings.rackets.height == findings.rackets.height
True
"""

# A composition root, like `cli` and `api`: nothing imports it but the front page `graphsvc/__init__.py`, from where all
# its names are taken.
