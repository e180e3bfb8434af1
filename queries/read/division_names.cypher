// Names of divisions
// purpose: how a division is called, from an address that lies in it
// params: adcodes
// returns: adcode, name
// access: read
UNWIND $adcodes AS adcode
CALL (adcode) {
  MATCH (a:Address {adcode: adcode})
  RETURN a LIMIT 1
}
RETURN adcode, coalesce(a.province, '') + CASE WHEN a.city = a.province THEN '' ELSE coalesce(a.city, '') END + coalesce(a.district, '') AS name
ORDER BY adcode
