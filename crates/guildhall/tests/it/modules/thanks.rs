//! The tests' module as a programme, which settles, checks and describes its points, and adds a family of leaderboards.

use std::sync::LazyLock;

use futures_util::future::BoxFuture;
use platform::{
    Context,
    db::{DbError, Sql},
};
use recognition::{
    Programme, Programmes,
    model::{
        BoardFamily, CanonicalPart, EntryDescription, EntryWithExplanation, Mismatch, NamedBoard,
        Resettled, SettlementMode, SourceLink,
    },
    reads::dump_line,
};
use serde_json::json;

use super::kudos::{BOARD, Given, SOURCE, reward};

pub(super) static PROGRAMMES: LazyLock<Programmes> = LazyLock::new(|| {
    let all = guildhall::PROGRAMMES.iter().chain([&Thanks as &dyn Programme]);
    Programmes(Vec::leak(all.collect()))
});

#[derive(Debug)]
struct Thanks;

impl Programme for Thanks {
    fn name(&self) -> &'static str {
        "kudos"
    }

    fn sources(&self) -> &'static [&'static str] {
        &[SOURCE]
    }

    fn resettle<'a>(
        &'a self,
        context: &'a Context,
        mode: SettlementMode,
        progress: &'a mut (dyn FnMut(usize) + Send),
    ) -> BoxFuture<'a, Result<Resettled, DbError>> {
        Box::pin(async move {
            let tx = context.begin().await?;
            let given = given(&tx).await?;
            let mut entries = 0;
            for one in &given {
                entries += reward(&tx, context, one).await?;
            }
            if mode == SettlementMode::Post {
                tx.commit().await?;
            }
            progress(given.len());
            let summary = format!("{} kudos", given.len());
            Ok(Resettled { summary, entries })
        })
    }

    fn mismatches<'a>(
        &'a self,
        context: &'a Context,
    ) -> BoxFuture<'a, Result<Vec<Mismatch>, DbError>> {
        Box::pin(async move {
            let check = SettlementMode::Check;
            let settled = self.resettle(context, check, &mut |_| {}).await?;
            let mismatch = Mismatch {
                what: "unposted entries".to_owned(),
                which: settled.summary,
                stored: settled.entries.to_string(),
                counted: "0".to_owned(),
            };
            let found = (settled.entries > 0).then_some(mismatch);
            Ok(found.into_iter().collect())
        })
    }

    fn dump<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<CanonicalPart, DbError>> {
        Box::pin(async move {
            let given = given(&context.db).await?;
            let line = |one: &Given| dump_line("kudos", &json!({ "words": one.words }));
            let sources = given.iter().map(|one| (one.id, one.words.clone()));
            Ok(CanonicalPart {
                lines: given.iter().map(line).collect(),
                sources: sources.collect(),
                boards: [(BOARD.to_owned(), "kudos:everything".to_owned())].into(),
            })
        })
    }

    fn describe<'a>(
        &'a self,
        context: &'a Context,
        entries: &'a [EntryWithExplanation],
    ) -> BoxFuture<'a, Result<Vec<EntryDescription>, DbError>> {
        Box::pin(async move {
            let given = given(&context.db).await?;
            let description = |entry: &EntryWithExplanation| {
                let words = given.iter().find(|one| one.id == entry.source_id);
                EntryDescription {
                    reason: "thanked".to_owned(),
                    source: words.map(|one| SourceLink {
                        label: one.words.clone(),
                        address: "/kudos".to_owned(),
                    }),
                    ..EntryDescription::default()
                }
            };
            Ok(entries.iter().map(description).collect())
        })
    }

    fn boards(&self) -> &'static [&'static BoardFamily] {
        &[&BOARDS]
    }
}

pub(super) const BOARDS: BoardFamily = BoardFamily {
    one: "thank-you",
    many: "kudos",
    address: "/kudos",
    has_months: true,
    ends: false,
    flag: None,
    find: |_, slug| {
        let found = (slug == "all").then(board);
        Box::pin(async move { Ok(found) })
    },
    list: |_, _| Box::pin(async { Ok(vec![board()]) }),
};

fn board() -> NamedBoard {
    NamedBoard { key: BOARD.to_owned(), slug: "all".to_owned(), name: "All thanks".to_owned() }
}

async fn given(db: &impl Sql) -> Result<Vec<Given>, DbError> {
    let sql = "SELECT id, created_at, receiver_id, words FROM kudos ORDER BY id";
    db.all(db.statement(sql, [])).await
}
