// Count what the indexes hold
// purpose: plan every later statement by what is stored now: the server's own count comes some ten seconds late
// params: seconds
// returns: none
// access: read
CALL db.prepareForReplanning($seconds)
