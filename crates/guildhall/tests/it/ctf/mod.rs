//! Rosters, coaches, competitors and teams.

mod acts;
pub(crate) mod app;
mod coaches;
mod competitor_rows;
mod competitors;
mod consents;
mod dashboard;
mod erasure;
mod figures;
mod gateway;
mod links;
mod me;
mod operators_sql;
mod platform;
mod platform_acts;
mod privacy_scene;
mod profile_links;
mod report_card;
mod rosters;
mod rows;
mod scene;
mod sync;
mod sync_api;
mod teams;
mod weeks;
