//! Hackathons, their applications and teams.

mod api;
mod api_rows;
pub(crate) mod app;
mod applications;
mod at_once;
mod calendar;
mod erasure;
mod lifecycle;
mod notices;
mod pages;
mod rows;
mod scene;
mod teams;
mod visibility;
