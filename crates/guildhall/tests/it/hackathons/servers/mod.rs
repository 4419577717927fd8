//! Hackathons on servers and workers that are processes of their own, some of which are killed.

mod judging;
mod reminders;
mod scene;
