//! Actions that change people.

mod acts;
mod add_points;
mod admins;
mod ban;
mod close;
mod email;
mod end_invitations;
mod end_sessions;
mod erase;
mod exports;
mod families;
mod github_token;
mod grant_role;
mod invitations;
mod invited_account;
mod join;
mod know_accounts;
mod link;
mod lock_people;
mod merge;
mod pictures;
mod profile;
mod recognize;
mod second_factor;
mod setup_code;
mod sign_in;
mod sign_in_code;
mod sign_in_link;
mod sign_in_openid;
mod test_email;
mod theme;
mod thing_pictures;
mod timezone;
mod tokens;

pub use add_points::add_points;
pub use ban::{ban, lift_ban, unban};
pub use close::close_account;
pub use email::{
    EMAIL_LINK_LASTS, ask_to_verify, forget_unverified, no_mail, remove_email, verify_email,
};
pub use end_sessions::{forget_sessions, revoke_other_sessions, revoke_session, sign_out};
pub use erase::{erase, erased_with, overdue};
pub use exports::{ask_for_export, export_asked, forget_exports, keep_export};
pub use families::{MAX_APPS, Pair, REFRESH_LASTS, begin_family, log_out, refresh};
pub use github_token::{
    connect_github, disconnect_github, end_at_github, erased_tokens, github_token, github_token_of,
    revoke_github_token,
};
pub use grant_role::{change_role, grant_role};
pub use invitations::{forget_invitations, invite, withdraw_invitation};
pub use invited_account::{enter_invited, invited_account};
pub(crate) use join::dead_invitation;
pub use join::join_by_invitation;
pub use know_accounts::{know_accounts, known};
pub use link::{link_for_activity, link_identity, must_not_be_anothers, unlink_identity};
pub use lock_people::lock_people;
pub use pictures::{
    add_picture, ask_for_avatar, avatar_wanted, describe_picture, fetch_avatar, keep_picture,
    protect_minor, remove_picture, remove_portrait, report_picture, set_portrait,
    take_down_picture,
};
pub use profile::{save_profile, seed_profile};
pub use recognize::{Recognized, recognize, recognize_bearer};
pub use second_factor::{
    begin_second_factor, confirm_second_factor, forget_wrong_codes, prove_second_factor,
    remove_second_factor, renew_recovery_codes, reset_second_factor, unconfirmed_secret,
};
pub use setup_code::{create_admin, forget_setup_codes, make_setup_code, set_up};
pub use sign_in::{Welcome, sign_in};
pub use sign_in_code::sign_in_by_code;
pub use sign_in_link::{
    ask_to_sign_in, end_sign_in_link, forget_sign_in_links, mail_sign_in_links, sign_in_by_link,
};
pub use sign_in_openid::sign_in_openid;
pub use test_email::{TestMessage, note_test_email, write_test_email};
pub use theme::set_theme;
pub use thing_pictures::{
    ThingPicture, describe_thing_picture, picture_of_thing, remove_thing_picture, set_thing_picture,
};
pub use timezone::set_timezone;
pub use tokens::{NewToken, create_token, forget_tokens, revoke_token};
