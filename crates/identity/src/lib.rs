//! People: accounts, sign-in methods, sessions, tokens, roles and bans.
//! Owns the tables of [`MODULE`]. Depends on kernel, platform and ui, and on no source of points.

pub mod access;
pub mod actions;
pub mod api;
pub mod commands;
pub mod demo;
pub mod emails;
pub mod gateway;
pub mod jobs;
pub mod model;
mod module;
mod pages;
pub mod reads;
pub mod rules;
mod store;

pub use module::MODULE;
