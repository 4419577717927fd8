//! Parsers of Notion's answers and of what people type never panic, and return no ID that changes a path.

use testkit::growth::linear;
use uuid::Uuid;

use super::{LONGEST_MESSAGE, database, read_created, read_database, read_message, read_pages};

#[test]
fn answers_of_notion() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let is_id = |id: &str| id.len() == 36 && Uuid::try_parse(id).is_ok();
        let title = read_database(bytes).map_or("Name".to_owned(), |layout| layout.title);
        let cards = read_pages(bytes, &title).map_or(Vec::new(), |part| part.cards);
        assert!(cards.iter().all(|card| is_id(&card.id)));
        assert!(read_created(bytes).map_or(true, |id| is_id(&id)));
        let text = String::from_utf8_lossy(bytes);
        assert!(read_message(&text).chars().count() <= LONGEST_MESSAGE);
        if let Ok(id) = database(&text) {
            assert!(is_id(&id) && database(&id) == Ok(id));
        }
    }));
}
