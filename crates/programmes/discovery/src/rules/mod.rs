//! Pure rules of discovery.

pub mod judged;
pub mod measures;
pub mod words;

#[cfg(test)]
mod fuzz;
