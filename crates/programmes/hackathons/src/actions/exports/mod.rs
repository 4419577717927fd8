//! Exports of the boards of teams to Trello and Notion.

mod connect;
mod run;

pub use connect::{connect_board, disconnect_board, export_board};
pub(crate) use run::ExportRun;

use super::{
    act_on,
    apply::{open_application, participant},
    locked,
    manage_team::managed_team,
    rewards::ring,
};
