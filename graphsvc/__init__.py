"""graphsvc finds production rackets behind online stores and hands police a ranked, explained dossier.

Rooms (imports point one way; import-linter holds the arrows):
``model`` what the graph holds · ``store`` the only room that talks Bolt · ``scan`` listings to suspicion ·
``links`` shared identifiers to evidence · ``rackets`` evidence to ranked groups · ``casework`` what people
decide · ``dossier`` one document, many renderings · ``simulate`` and ``evaluate`` a market with known truth
and how well we find it · ``api`` and ``cli`` the composition roots.
"""

__version__ = "0.1.0"
