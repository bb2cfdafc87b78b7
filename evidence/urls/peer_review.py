"""Addresses of peer review: the reviewer's, the editors' and the authors' pages."""

from django.urls import path

from evidence.views import peer_review, peer_review_desk

urlpatterns = [
    path("peer-review/<int:pk>/", peer_review.PeerReviewPage.as_view(), name="peer_review"),
    path("peer-review/<int:pk>/comments/", peer_review.OwnComments.as_view(), name="peer_review_comments"),
    path("peer-review/<int:pk>/release/", peer_review_desk.release, name="release_reviewer"),
    path("peer-review/<int:pk>/clear/", peer_review_desk.clear_conflict, name="clear_conflict"),
    path("peer-review/<int:pk>/remind/", peer_review_desk.chase, name="chase_reviewer"),
    path("peer-review/comments/<int:pk>/remove/", peer_review.remove_comment, name="remove_comment"),
    path("<slug:slug>/reviewers/", peer_review_desk.Reviewers.as_view(), name="reviewers"),
    path("<slug:slug>/comments/", peer_review_desk.Comments.as_view(), name="comments"),
]
