//! Every change to people.

mod add_points;
mod grant_role;
mod know_accounts;

pub use add_points::add_points;
pub use grant_role::{GrantError, grant_role};
pub use know_accounts::know_accounts;
