//! Queries of claims.

mod of_opportunity;
mod open;
mod outcomes;
mod own;
mod working;

pub use of_opportunity::{ClaimsOfOpportunity, of_opportunity};
pub(crate) use open::{
    Claim, Claimable, claim, claimable, claimed_among, claimed_in, counts, due, ending, free_with,
    made_since, open_claims, open_claims_of, uncompleted, unserved,
};
pub use outcomes::outcomes;
pub(crate) use own::export;
pub use own::{OwnClaim, own_claim, own_claims, public_claims};
pub use working::{Working, working_in};
