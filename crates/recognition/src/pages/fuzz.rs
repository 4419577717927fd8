//! Addresses of leaderboards never cause a panic, and a cursor that is accepted is written in the same way again.

use axum::{extract::Query, http::Uri};
use kernel::{Id, Month, Points};
use testkit::growth::linear;

use super::board::BoardQuery;
use crate::reads::{Cursor, Start};

#[test]
fn addresses_of_boards() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = &*String::from_utf8_lossy(bytes);
        if let Ok(uri) = Uri::try_from([b"/x?", bytes].concat())
            && let Ok(Query(query)) = Query::<BoardQuery>::try_from_uri(&uri)
            && let Ok(Start::Rank(rank)) = query.start()
        {
            assert!(rank >= 1, "{rank}");
        }
        if let Some(cursor) = Cursor::read(text) {
            assert_eq!(Cursor::read(&cursor.to_string()), Some(cursor));
        }
        let _ = Start::read(Some(text), None);
        if let Ok(month) = text.parse::<Month>() {
            assert_eq!(month.to_string(), text);
            let _ = (month.previous(), month.next());
        }
        let _ = text.parse::<Points>();
        let _ = serde_json::from_str::<Id<()>>(text);
    }));
}
