//! Privacy: the data download, closing an account, and erasure.

mod closing;
mod erasure;
mod export;
