// Labels with unique ids
// purpose: tell whether the schema is in place
// params: none
// returns: label
// access: read
SHOW CONSTRAINTS YIELD type, labelsOrTypes, properties
WHERE type CONTAINS 'UNIQUENESS' AND properties = ['id']
RETURN labelsOrTypes[0] AS label
ORDER BY label
