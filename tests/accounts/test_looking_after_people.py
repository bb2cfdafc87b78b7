"""What administrators do for people, and what they cannot do."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from collaborative.accounts import services
from collaborative.accounts.models import Appointment, User
from collaborative.audit.models import Event
from collaborative.core.errors import Refused
from tests.factories import administrator, coordinator, person, programme, with_second_factor

pytestmark = pytest.mark.django_db
PEOPLE, APPOINTMENTS = "/admin/accounts/user/", "/admin/accounts/appointment/"


def verbs(thing):
    """Return what the record says of a thing, oldest first."""
    rows = Event.objects.filter(kind=thing.kind, object_id=thing.pk).order_by("pk")
    return list(rows.values_list("verb", flat=True))


def act(client, page, action, *rows):
    """Choose rows of a list and do something to them."""
    return client.post(page, {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True)


class TestServices:
    def test_stopping_and_restoring_are_recorded_once(self):
        admin, user = administrator(), person()
        services.stop_sign_in(user, by=admin)
        services.stop_sign_in(user, by=admin)
        services.restore_sign_in(user, by=admin)
        assert verbs(user) == ["account.stopped", "account.restored"]
        assert User.objects.get(pk=user.pk).is_active

    def test_nobody_stops_or_disarms_themselves(self):
        admin = with_second_factor(administrator())
        for service in (services.stop_sign_in, services.remove_second_factor):
            with pytest.raises(Refused):
                service(admin, by=admin)

    @pytest.mark.parametrize(
        "service", [services.stop_sign_in, services.restore_sign_in, services.remove_second_factor, services.appoint]
    )
    def test_coordinators_do_none_of_it(self, service):
        with pytest.raises(PermissionDenied, match="Only an administrator can do this"):
            service(person(), by=coordinator(programme()))

    def test_a_lost_second_factor_is_taken_away_with_its_codes(self):
        user = with_second_factor(person())
        services.remove_second_factor(user, by=administrator())
        assert not Authenticator.objects.filter(user=user).exists()
        assert verbs(user) == ["account.second_factor_removed"]

    def test_an_appointment_gives_the_role_and_its_end_takes_it(self):
        admin, user = administrator(), person()
        appointment = services.appoint(user, by=admin)
        assert Appointment.objects.manageable_by(user).count() == 2
        services.end_appointment(appointment, by=admin)
        assert not Appointment.objects.manageable_by(user).exists()
        assert verbs(appointment) == ["appointment.made", "appointment.ended"]

    def test_the_last_administrator_stays(self):
        admin = administrator()
        with pytest.raises(Refused, match="Appoint another first"):
            services.end_appointment(admin.appointments.get(), by=admin)

    def test_nobody_is_appointed_twice(self):
        admin, user = administrator(), person()
        services.appoint(user, by=admin)
        with pytest.raises(Refused, match="already"):
            services.appoint(user, by=admin)

    def test_people_and_appointments_are_seen_by_those_concerned(self):
        admin, user, other = administrator(), person(), person()
        mine = services.appoint(user, by=admin)
        assert list(User.objects.visible_to(other)) == [other]
        assert list(Appointment.objects.visible_to(other)) == []
        assert mine in Appointment.objects.visible_to(user)
        assert list(User.objects.manageable_by(other)) == []
        assert set(User.objects.manageable_by(admin)) == {admin, user, other}


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_end_each_other_at_once():
    first, second = administrator(), administrator()
    pairs = [(first, second.appointments.get()), (second, first.appointments.get())]

    def end(pair):
        try:
            services.end_appointment(pair[1], by=pair[0])
        except (Refused, PermissionDenied):
            return "refused"
        finally:
            connection.close()
        return "ended"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(end, pairs)) == ["ended", "refused"]
    assert Appointment.objects.current().count() == 1


class TestAdmin:
    @pytest.fixture
    def admin(self, client):
        user = with_second_factor(administrator())
        client.force_login(user)
        return user

    def test_acts_of_the_list_call_the_services(self, client, admin):
        user = with_second_factor(person())
        act(client, PEOPLE, "stop_sign_in", user)
        act(client, PEOPLE, "restore_sign_in", user)
        act(client, PEOPLE, "remove_second_factor", user)
        act(client, PEOPLE, "appoint", user)
        assert verbs(user) == ["account.stopped", "account.restored", "account.second_factor_removed"]
        act(client, APPOINTMENTS, "end", user.appointments.get())
        assert user.appointments.get().ends_on is not None

    def test_a_refusal_is_a_message(self, client, admin):
        page = act(client, PEOPLE, "stop_sign_in", admin).content.decode()
        assert "You cannot stop your own sign-in." in page

    def test_nothing_of_a_person_is_typed_over_or_deleted_here(self, client, admin):
        user = person()
        page = f"{PEOPLE}{user.pk}/change/"
        client.post(page, {"name": "Somebody else", "email": "x@people.example", "is_active": ""})
        user.refresh_from_db()
        assert (user.name, user.is_active) != ("Somebody else", False)
        assert user.is_active
        assert client.get(f"{PEOPLE}{user.pk}/delete/").status_code == 403
        assert client.get(f"{PEOPLE}add/").status_code == 403

    def test_people_are_found_by_name_and_address(self, client, admin):
        user = person(name="Quill Marrow", email="qm@people.example")
        for words in ("quill", "qm@people"):
            page = client.get(PEOPLE, {"q": words})
            assert list(page.context["cl"].result_list) == [user]

    def test_coordinators_do_not_even_see_them(self, client):
        client.force_login(with_second_factor(coordinator(programme())))
        assert "accounts/user" not in client.get("/admin/").content.decode()
        assert client.get(PEOPLE).status_code == 403
        assert client.get(f"{PEOPLE}{person().pk}/change/").status_code in (302, 403, 404)

    def test_the_list_costs_the_same_however_long(self, client, admin):
        from django.test.utils import CaptureQueriesContext

        def cost():
            with CaptureQueriesContext(connection) as queries:
                client.get(PEOPLE)
            return len(queries)

        person()
        few = cost()
        for _ in range(29):
            person()
        assert cost() == few


class TestFirstAdministrator:
    def test_the_command_makes_account_and_appointment(self, client, mailoutbox, capsys):
        call_command("appoint_administrator", "First@people.example")
        user = User.objects.get(email="first@people.example")
        assert not user.has_usable_password()
        assert Appointment.objects.current().filter(user=user).exists()
        assert "Forgotten your password?" in capsys.readouterr().out
        client.post(reverse("account_reset_password"), {"email": user.email})
        assert mailoutbox[0].subject.startswith("Your code to choose a new password")

    def test_an_account_that_exists_is_kept(self):
        user = person()
        call_command("appoint_administrator", user.email.upper())
        assert Appointment.objects.get().user == user

    def test_twice_is_refused_with_a_sentence(self):
        user = administrator()
        with pytest.raises(CommandError, match="This person is an administrator already"):
            call_command("appoint_administrator", user.email)


def test_stored_passwords_are_not_read_by_narrowing_the_list(client):
    client.force_login(with_second_factor(administrator()))
    for narrowed in ("password__startswith=pbkdf2", "password=x", "password__isnull=False"):
        assert client.get(f"{PEOPLE}?{narrowed}").status_code == 400, narrowed
    assert client.get(f"{PEOPLE}?is_active__exact=1").status_code == 200
