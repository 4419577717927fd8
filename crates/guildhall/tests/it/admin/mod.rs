//! The pages and API of admins and moderators.

mod api_bans;
mod api_deliveries;
mod api_jobs;
mod api_ledger;
mod api_notifications;
mod api_people;
mod bans;
mod deliveries;
pub(crate) mod invitations;
mod invitations_at_once;
mod jobs;
mod last_admin;
mod ledger;
mod notifications;
mod overview;
mod people;
mod server;
