//! Discovery: the search and its measures.

mod evaluate;
