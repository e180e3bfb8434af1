// Whether a record exists
// purpose: tell a new record from one that is there already, whoever may see it; slot LABEL
// params: id
// returns: there
// access: read
RETURN EXISTS { MATCH (:__LABEL__ {id: $id}) } AS there
