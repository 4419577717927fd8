//! Actions that change coaches, rosters, competitors and teams.

mod accept;
mod accept_by_mail;
mod brake;
mod coaches;
mod competitor_accounts;
mod competitor_acts;
mod competitor_rows;
mod competitors;
mod consents;
mod end_connections;
mod enroll;
mod erase;
mod fix_difference;
mod import_competitors;
mod keep_year;
mod links;
mod measure_pending;
mod note_differences;
mod note_milestones;
mod note_reads;
mod notify_consents;
mod notify_milestones;
mod onboard;
mod own_profile;
mod preflight;
mod profile_links;
mod rate_dashboard;
mod reconcile;
mod reconcile_accounts;
mod reconcile_teams;
mod refresh_coaches;
mod refresh_division_figures;
mod refresh_roster;
mod releases;
mod remind_inactive;
mod reopen_roster;
mod report_discrepancy;
mod request_due;
mod request_reconciliation;
mod request_sync;
mod rosters;
mod run_sync;
mod run_teams;
mod send_weeks;
mod set_support_tickets;
mod settle_status;
mod sync_competitor;
mod sync_memberships;
mod sync_tally;
mod sync_teams;
mod teams;
mod trouble;
mod watch_syncs;

pub use accept::{JoinedRoster, accept_coach_link, accept_join_link, accept_roster_link};
pub use accept_by_mail::{MailedAnswer, accept_by_mail};
pub use coaches::{choose_milestone_notices, set_coach_approved};
pub use competitor_accounts::{clear_sync_error, request_competitor_sync, send_password_reset};
pub use competitors::{
    add_competitor, confirm_account, confirm_all, confirm_competitor, edit_competitor,
    move_competitor, remove_competitor,
};
pub use consents::{CONSENT, publish_consent};
pub(crate) use end_connections::end_connections;
pub use erase::{confirm_erasure, erase, erase_competitor};
pub use fix_difference::fix_difference;
pub(crate) use fix_difference::{check_own, unknown_difference};
pub use import_competitors::import_competitors;
pub use links::{
    Invite, check_addressee, create_join_link, forget_invited, invite, invite_coach,
    revoke_coach_link, revoke_roster_link, share_roster,
};
pub use note_differences::{note_differences_read, note_preflight_read, note_run_read};
pub use note_reads::{note_competitor_read, note_roster_read};
pub(crate) use notify_consents::notify_consent;
pub(crate) use notify_milestones::notify_milestones;
pub(crate) use onboard::person;
pub use own_profile::{choose_weekly_mail, edit_own_profile, sign_own_release};
pub use preflight::{Preflight, preflight};
pub(crate) use profile_links::NO_MAIL;
pub use profile_links::{
    CompletedProfile, SentLink, complete_profile, send_consent_link, send_profile_link,
};
pub use rate_dashboard::{note_dashboard_visit, rate_dashboard};
pub(crate) use reconcile::Reconciliation;
pub use refresh_division_figures::refresh_division_figures;
pub use refresh_roster::{refresh_roster, retry_roster};
pub use releases::{give_consent, state_release, withdraw_consent, withdraw_release};
pub use remind_inactive::remind_inactive;
pub use reopen_roster::reopen_roster;
pub use report_discrepancy::{report_discrepancy, resolve_discrepancy};
pub(crate) use request_due::{prune_failures, request_due, request_totals};
pub(crate) use request_reconciliation::reconcile_weekly;
pub use request_reconciliation::{compare_roster, request_reconciliation};
pub(crate) use request_sync::check_known;
pub use request_sync::{RequestedRun, integration_on, request_sync, request_sync_once};
pub(crate) use rosters::changeable_roster;
pub use rosters::{
    NewYear, StartedYear, archive_roster, change_coach_role, create_first_roster, create_roster,
    edit_roster, leave_roster, remove_roster_coach, start_school_year,
};
pub(crate) use run_sync::Run;
pub use send_weeks::send_weeks;
pub use set_support_tickets::set_support_tickets;
pub use sync_teams::{TeamReport, sync_team};
pub use teams::{add_team_member, create_team, delete_team, edit_team, remove_team_member};
pub(crate) use watch_syncs::{SYNC, watch_syncs};
