use platform::db::{Db, DbError, Sql};
use recognition::verify::Mismatch;

/// At most so many are listed.
const LIST: usize = 100;

/// Pull requests whose score is not what their entries in the ledger sum up to. Finds also entries
/// that settlement never looks at: of a reason it does not know, or of no pull request that counts.
pub(super) async fn differing(db: &Db) -> Result<Vec<Mismatch>, DbError> {
    let sql = format!(
        "SELECT 'score' AS what, coalesce(CAST(c.github_id AS text), 'no contribution') AS which, \
         coalesce(CAST(c.score AS text), 'no contribution') AS stored, \
         CAST(coalesce(l.points, 0) AS text) AS counted \
         FROM contributions c FULL JOIN \
         (SELECT source_id, CAST(sum(points) AS bigint) AS points FROM point_transactions \
          WHERE source_kind = $1 GROUP BY source_id) l ON l.source_id = c.pull_request_id \
         WHERE coalesce(c.score, 0) <> coalesce(l.points, 0) LIMIT {LIST}"
    );
    db.all(db.statement(&sql, [contributions::SOURCE.into()]))
        .await
}
