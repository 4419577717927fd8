//! Decisions: values in, values out.

mod access_token;
mod ban;
mod device;
mod email;
mod fresh;
mod id_token;
mod login;
mod means;
mod nobody;
mod return_path;
mod role;
mod secrets;
mod sign_in;
mod sign_in_link;
mod timezone;
mod token;

pub use access_token::{ACCESS_LASTS, Access, Signer};
pub use ban::{banned, end_named, length_named, may_end};
pub(crate) use ban::{last_admin, not_banned, own_ban};
pub use device::{address_prefix, device, device_name, is_new_device};
pub use email::email_address;
pub use fresh::{FRESH_LASTS, freshly, is_fresh};
pub use id_token::{Claims, Expected, Jwk, TokenFault, read_id_token};
pub(crate) use login::{login_free, login_wished};
pub use means::{expired_token, in_person, invalid_token, may};
pub use nobody::nobody;
pub use return_path::return_path;
pub use role::role_named;
pub use secrets::{challenge, hash, is_same};
pub use sign_in::{is_way_in, may_sign_in};
pub use sign_in_link::{is_link_token, link_token};
pub use timezone::timezone_named;
pub use token::{is_token, scopes_named, token, token_lasts, token_name};
