// Say that nobody writes
// purpose: remove what told others who holds the lock
// params: id
// returns: nothing
// access: write
MATCH (l:Load {id: $id})
DELETE l
