//! What reaches whom, when: kinds of news, what people chose, the inbox in the house, the day's summary.
//! Owns `notifications`, `notification_preferences`, `notification_settings`. Knows identity, platform and
//! kernel. Never knows what a programme's news is about.

pub mod actions;
pub mod api;
pub mod emails;
pub mod jobs;
pub mod model;
pub mod reads;
pub mod rules;
mod store;

pub use store::migrations;
