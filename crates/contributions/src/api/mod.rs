//! Projects and contributions as JSON.
