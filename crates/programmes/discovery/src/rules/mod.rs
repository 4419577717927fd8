//! Pure rules of discovery.

pub mod analysis;
pub mod body;
pub mod budget;
pub mod claims;
pub mod digest;
pub mod doable;
pub mod forms;
pub mod health;
pub mod judged;
pub mod labels;
pub mod learned;
pub mod listing;
pub mod matching;
pub mod measures;
pub mod names;
pub mod noise;
pub mod outcomes;
pub mod phrases;
pub mod preferences;
pub mod projects;
pub mod prompt;
pub mod quota;
pub mod reply;
mod signs;
pub mod similar;
pub mod skills;
pub mod spam;
pub mod spread;
pub mod trending;
pub mod unknown;
pub mod vectors;
pub mod watches;
pub mod words;

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
