//! What people take with them, and what stays when they go.

mod closing;
mod erasure;
mod export;
