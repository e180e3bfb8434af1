// Graph Data Science version
// purpose: say whether the server has GDS, and which
// params: none
// returns: version
// access: read
RETURN gds.version() AS version
