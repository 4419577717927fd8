/// The number of ratings from 1 to 5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RatingCounts(pub [i64; 5]);

impl RatingCounts {
    /// Adds a number of equal ratings. Ratings that are not from 1 to 5 are left out.
    pub fn add(&mut self, rating: i64, number: i64) {
        let place = usize::try_from(rating - 1).ok();
        if let Some(of_rating) = place.and_then(|place| self.0.get_mut(place)) {
            *of_rating += number;
        }
    }

    /// Returns the number of all ratings.
    #[must_use]
    pub fn count(&self) -> i64 {
        self.0.iter().sum()
    }

    /// Returns the mean; `None` without ratings.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        let sum: i64 = self.each().map(|(rating, number)| rating * number).sum();
        let count = self.count();
        (count > 0).then(|| sum as f64 / count as f64)
    }

    /// Returns the median, the lower one of an even number; `None` without ratings.
    #[must_use]
    pub fn median(&self) -> Option<i64> {
        let half = (self.count() + 1) / 2;
        let mut before = 0;
        let reaches_half = |(_, number): &(i64, i64)| {
            before += number;
            before >= half
        };
        let found = self.each().find(reaches_half);
        found.filter(|_| half > 0).map(|(rating, _)| rating)
    }

    /// Returns each rating, the lowest first, with its number.
    pub fn each(&self) -> impl Iterator<Item = (i64, i64)> + use<> {
        (1..).zip(self.0)
    }
}
