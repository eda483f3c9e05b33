/** The header in which a sender may give the secret of a trigger; no run sees it. */
export const TOKEN_HEADER = 'ensemble-token';
