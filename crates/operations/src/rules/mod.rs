//! Decisions about backups, copies of the log, costs, numbers of use, days with few people, and feedback.

mod activity;
pub(crate) mod backups;
mod costs;
mod feedback;
pub(crate) mod log_copies;
mod periods;

pub(crate) use activity::{COMPARED_DAYS, fewer_people};
pub use costs::{Advice, Elapsed, ServiceCost, advice, in_gigabytes, is_far_over};
pub use feedback::{
    CheckedFeedback, LONGEST, PER_DAY, answered, checked, checked_answer, too_much,
};
pub use periods::{Cohort, Length, cohorts, midnight, summed, usual};
