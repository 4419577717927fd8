//! Actions that change coaches, rosters, competitors and teams.

mod accept;
mod coaches;
mod competitor_accounts;
mod competitor_rows;
mod competitors;
mod consents;
mod erase;
mod links;
mod note_reads;
mod onboard;
mod own_profile;
mod preflight;
mod profile_links;
mod refresh_division_figures;
mod refresh_roster;
mod releases;
mod request_due;
mod request_sync;
mod rosters;
mod run_sync;
mod run_teams;
mod send_weeks;
mod settle_status;
mod sync_competitor;
mod sync_tally;
mod sync_teams;
mod teams;
mod trouble;
mod watch_syncs;

pub use accept::{Joined, accept_coach_link, accept_join_link, accept_roster_link};
pub use coaches::set_coach_approved;
pub use competitor_accounts::{clear_sync_error, request_competitor_sync, send_password_reset};
pub use competitors::{
    Imported, add_competitor, confirm_all, confirm_competitor, edit_competitor, import_competitors,
    move_competitor, remove_competitor,
};
pub use consents::{CONSENT, publish_consent};
pub use erase::{confirm_erasure, erase, erase_competitor};
pub use links::{
    Invite, create_join_link, forget_invited, invite, invite_coach, revoke_coach_link,
    revoke_roster_link, share_roster,
};
pub use note_reads::{note_competitor_read, note_roster_read};
pub use own_profile::{choose_weekly_mail, edit_own_profile, sign_own_release};
pub use preflight::{Left, Preflight, preflight};
pub use profile_links::{
    CompletedProfile, SentLink, complete_profile, send_consent_link, send_profile_link,
};
pub use refresh_division_figures::refresh_division_figures;
pub use refresh_roster::{refresh_roster, retry_roster};
pub use releases::{give_consent, state_release, withdraw_consent, withdraw_release};
pub(crate) use request_due::{prune_failures, request_due, request_totals};
pub(crate) use request_sync::check_known;
pub use request_sync::{Requested, integration_on, request_sync};
pub(crate) use rosters::changeable_roster;
pub use rosters::{
    NewYear, StartedYear, archive_roster, change_coach_role, create_roster, edit_roster,
    leave_roster, remove_roster_coach, start_school_year,
};
pub(crate) use run_sync::Run;
pub use send_weeks::send_weeks;
pub use sync_teams::{RemoteDeleteError, TeamReport, delete_remote_team, sync_team};
pub use teams::{add_team_member, create_team, delete_team, edit_team, remove_team_member};
pub(crate) use watch_syncs::{SYNC, watch_syncs};
