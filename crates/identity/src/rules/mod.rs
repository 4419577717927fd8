//! Decisions, as pure functions.

mod access_token;
mod addressee;
mod audit_words;
mod ban;
mod closing;
mod credential;
mod crockford;
mod device;
mod email;
mod fresh;
#[cfg(test)]
mod fuzz;
mod id_token;
mod login;
mod profile;
mod return_path;
mod role;
mod second_factor;
mod secrets;
mod session;
mod setup_code;
mod sign_in;
mod sign_in_link;
mod similar;
mod stated_account;
mod theme;
mod timezone;
mod token;
mod tombstone;
mod unknown_login;
mod work_list;
mod work_words;

pub use access_token::{ACCESS_LASTS, Access, Signer};
pub use addressee::{INVITATION_LASTS, check_addressee, invitation_signs_in};
pub use audit_words::{change_in_words, people_in};
pub(crate) use ban::was_banned;
pub use ban::{BAN_PAGE, banned, end_named, length_named, may_end};
pub(crate) use ban::{last_admin, not_banned, own_ban};
pub use closing::{CLOSED_LASTS, EXPORT_LASTS, closed_login, has_profile, may_reopen};
pub(crate) use closing::{closing_confirmed, erased_login};
pub use credential::{expired_token, in_person, invalid_token, may};
pub use device::{address_prefix, device, device_name, is_new_device, session_device};
pub use email::email_address;
pub use fresh::{FRESH_LASTS, freshly, is_fresh};
pub use id_token::{Claims, Expected, Jwk, TokenFault, read_id_token};
pub(crate) use login::{free_login, names_no_one, preferred_login};
pub use profile::{
    LONGEST_BIO, MOST_LINKS, ProfileInput, not_for_minors, profile, shown_name, shown_person,
    stated_profile,
};
pub use return_path::{return_path, stated_path};
pub use role::role_named;
pub(crate) use role::{own_role, role_by_groups};
pub use second_factor::{
    MAX_WRONG, RECOVERY_CODES, TypedCode, WRONG_COUNTS, accepted_step, counting_role, factor,
    factor_not_due, factor_proven, factor_uri, may_try_code, recovery_code, secret_text,
    typed_code,
};
pub(crate) use second_factor::{factor_required, not_a_code, wrong_code};
pub use secrets::{SecretKind, challenge, hash, is_same};
pub use session::SESSION_LASTS;
pub use setup_code::{
    Newcomer, SETUP_CODE_LASTS, SETUP_PAGE, SETUP_TRY_COUNTS, SetupInput, SetupLink, is_usable,
    may_try_setup_code, setup_code, setup_input, typed_setup_code,
};
pub(crate) use setup_code::{
    address_has_account, address_has_admin, already_set_up, wrong_setup_code,
};
pub use sign_in::{is_sign_in_method, may_sign_in};
pub use sign_in_link::{code_tries_left, is_link_token, sign_in_code, typed_sign_in_code};
pub(crate) use sign_in_link::{dead_sign_in_code, wrong_sign_in_code};
pub use similar::{most_similar, pieces};
pub(crate) use stated_account::{believed, is_known, let_own_logins, newest};
pub use theme::theme_named;
pub use timezone::timezone_named;
pub use token::{is_token, scopes_named, token, token_lasts, token_name};
pub(crate) use tombstone::tombstone;
pub use unknown_login::{
    ambiguous_login, ambiguous_name, mentioned, unknown_address, unknown_login, unknown_login_near,
};
pub use work_list::{WORK_ROWS, WorkPart, chosen_work, work_parts};
pub use work_words::{heading, is_folded, lede};
