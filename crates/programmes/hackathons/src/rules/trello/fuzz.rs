//! Parsers of Trello's answers and of what people type never panic, and return no ID that changes a path.

use testkit::growth::linear;
use uuid::Uuid;

use super::{board, is_id, read_cards, read_created, read_lists};
use crate::rules::board_exports::{BOARD, marked};

#[test]
fn answers_of_trello() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let lists = read_lists(bytes).into_iter().flatten();
        assert!(lists.into_iter().all(|list| is_id(&list.id)));
        let cards = read_cards(bytes).into_iter().flatten();
        assert!(cards.into_iter().all(|card| is_id(&card.id)));
        assert!(read_created(bytes).is_ok_and(|id| is_id(&id)) || read_created(bytes).is_err());
        let text = String::from_utf8_lossy(bytes);
        let _ = marked(&text, Uuid::nil());
        if let Ok(id) = board(&text) {
            assert!(id.len() <= BOARD && board(&id) == Ok(id));
        }
    }));
}
