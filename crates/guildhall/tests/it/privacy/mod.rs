//! Privacy: the data download, closing an account, and erasure.

mod closing;
pub(crate) mod erasure;
mod export;
mod export_secrets;
mod login_taken;
