//! Decisions of seasons: their details, their state, and when points of a person count in them.

mod chosen_project;
mod corrections;
mod days;
mod details;
mod ending;
mod presets;
mod registration;
pub mod sign_off;
mod state;

pub use chosen_project::ChosenProject;
pub use corrections::{
    Change, PersonTotal, RankedTotal, SeasonCorrection, corrected, correction_of, corrections,
};
pub use days::{SeasonDays, day, parse_day};
pub use details::{GOAL, SeasonDetails, SeasonInput};
pub use presets::{SeasonPreset, USUAL_GOAL, chosen_days, name_of, named};
pub use registration::RegistrationDays;
pub use state::{SeasonDates, SeasonState};
