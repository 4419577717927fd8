use platform::db::{Db, DbError, Sql};
use recognition::verify::Mismatch;

/// At most so many are listed.
const LIST: usize = 100;

/// Pull requests whose score is not what their entries in the ledger sum up to. Finds also entries
/// that settlement never looks at: of a reason it does not know, or of no pull request that counts.
pub(super) async fn differing(db: &Db) -> Result<Vec<Mismatch>, DbError> {
    let sql = format!(
        "SELECT 'score' AS what, coalesce(CAST(max(s.github_id) AS text), 'no contribution') AS which, \
         coalesce(CAST(max(s.score) AS text), 'no contribution') AS stored, \
         CAST(CAST(coalesce(sum(s.points), 0) AS bigint) AS text) AS counted FROM (\
         SELECT pull_request_id, github_id, score, NULL AS points FROM contributions \
         UNION ALL SELECT source_id, NULL, NULL, points FROM point_transactions WHERE source_kind = $1\
         ) s GROUP BY s.pull_request_id \
         HAVING coalesce(max(s.score), 0) <> coalesce(sum(s.points), 0) LIMIT {LIST}"
    );
    db.all(db.statement(&sql, [contributions::model::SOURCE.into()]))
        .await
}
