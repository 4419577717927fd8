/// Items, by index, in disjoint groups that are joined.
pub(super) struct Groups(Vec<usize>);

impl Groups {
    /// Returns `count` groups of one.
    pub(super) fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn first(&self, mut item: usize) -> usize {
        while self.0[item] != item {
            item = self.0[item];
        }
        item
    }

    /// Joins the groups of two items.
    pub(super) fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.first(one), self.first(other));
        self.0[one.max(other)] = one.min(other);
    }

    /// Returns the items of each group, in order.
    pub(super) fn members(&self) -> Vec<Vec<usize>> {
        let mut members = vec![Vec::new(); self.0.len()];
        for item in 0..self.0.len() {
            members[self.first(item)].push(item);
        }
        members.retain(|group| !group.is_empty());
        members
    }
}
