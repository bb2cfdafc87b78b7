"""Setting a service up: administrators alone, checks beside each field, and a secret that nobody reads again."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from collaborative.audit.models import Event
from partners.models import SignOn
from partners.services.sign_on import keep, secret_of
from tests import factories as make
from tests.admin_forms import enter, fields_of
from tests.sign_on.assertions import ENTITY, SSO, SamlProvider, certificate, saml_service
from tests.sign_on.ways import SECRET, a_service, organisation_with_domain, private_key

pytestmark = pytest.mark.django_db
ADD = "/admin/partners/signon/add/"


@pytest.fixture
def chief(client):
    """Sign an administrator in."""
    user = make.administrator()
    enter(client, user)
    return user


def change(service):
    """Return the address of a service's page."""
    return reverse("admin:partners_signon_change", args=[service.pk])


def saved(client, service, **fields):
    """Post a service's page with changes; return the answer."""
    return client.post(change(service), fields_of(client, change(service)) | fields)


def complaints(answer):
    """Return the errors beside the fields."""
    return {name: list(errors) for name, errors in answer.context["adminform"].form.errors.items()}


class TestSettingUp:
    def test_goes_from_the_name_to_what_the_protocol_needs(self, client, chief):
        force = organisation_with_domain()
        sent = {"organisation": force.pk, "protocol": "saml", "label": "Force sign-in"}
        service_page = client.post(ADD, sent)
        service = SignOn.objects.get()
        assert service_page.url == change(service)
        assert (service.key, service.enabled, service.required) == ("force-saml", False, False)
        page = client.get(change(service)).content.decode()
        assert "http://testserver/accounts/saml/force-saml/acs/" in page
        assert "http://testserver/accounts/saml/force-saml/metadata/" in page
        assert "Client secret" not in page.split("What the organisation tells", 1)[1].split("</fieldset>", 1)[0]
        given = {
            "entity_id": f" {ENTITY} ",
            "sso_url": SSO,
            "certificates": certificate(private_key()),
            "enabled": "on",
        }
        assert saved(client, service, **given).status_code == 302
        service.refresh_from_db()
        assert (service.enabled, service.entity_id) == (True, ENTITY)
        assert Event.objects.filter(verb="sign_on.changed", object_id=service.pk, actor=chief).exists()

    def test_takes_the_discovery_document_for_its_issuer_and_keeps_the_secret_sealed(self, client, chief):
        service = a_service(enabled=False, issuer="", client_id="", sealed_secret="")
        address = "https://identity.example/tenant/.well-known/openid-configuration"
        answer = saved(client, service, issuer=address, client_id="x", secret=SECRET, enabled="on")
        assert answer.status_code == 302
        service.refresh_from_db()
        assert service.issuer == "https://identity.example/tenant"
        assert (secret_of(service), SECRET in service.sealed_secret) == (SECRET, False)
        page = client.get(change(service)).content.decode()
        assert "http://testserver/accounts/oidc/force-oidc/login/callback/" in page
        assert (SECRET in page, service.sealed_secret in page) == (False, False)
        assert saved(client, service, label="Another name").status_code == 302
        service.refresh_from_db()
        assert (secret_of(service), service.label) == (SECRET, "Another name")

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("issuer", "http://identity.example", "Give a whole address that begins with https://."),
            ("issuer", "https://user:word@identity.example", "Give a whole address that begins with https://."),
            ("issuer", "identity.example", "Give a whole address that begins with https://."),
            ("issuer", "", "This is needed before the service can be used."),
            ("client_id", "", "This is needed before the service can be used."),
        ],
    )
    def test_says_beside_the_field_what_is_wrong_with_openid_connect(self, client, chief, field, value, sentence):
        service = a_service()
        answer = saved(client, service, **{field: value})
        assert complaints(answer) == {field: [sentence]}

    def test_a_missing_secret_is_asked_for(self, client, chief):
        service = a_service(enabled=False, sealed_secret="")
        answer = saved(client, service, enabled="on")
        assert complaints(answer) == {"secret": ["This is needed before the service can be used."]}

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("sso_url", "http://identity.example/sso", "Give a whole address that begins with https://."),
            ("sso_url", "javascript:alert(1)", "Give a whole address that begins with https://."),
            ("entity_id", "", "This is needed before the service can be used."),
            ("email_attribute", "", "This is needed before the service can be used."),
            ("certificates", "hello", "Certificate 1 cannot be read. Copy it again."),
            ("certificates", "<xml/>", "There is no certificate here. It begins with “-----BEGIN CERTIFICATE-----”."),
        ],
    )
    def test_says_beside_the_field_what_is_wrong_with_saml(self, client, chief, field, value, sentence):
        service = saml_service(SamlProvider())
        assert complaints(saved(client, service, **{field: value})) == {field: [sentence]}

    def test_a_certificate_that_has_run_out_is_refused_and_shown_as_such(self, client, chief):
        service = saml_service(SamlProvider())
        old = certificate(private_key(), days=-1)
        sentence = "This has run out. Ask the organisation for its present certificate."
        assert complaints(saved(client, service, certificates=old)) == {"certificates": [sentence]}
        SignOn.objects.update(certificates=old)
        assert "Run out on" in client.get(change(service)).content.decode()

    def test_the_present_one_beside_an_old_one_will_do(self, client, chief):
        service = saml_service(SamlProvider())
        both = certificate(private_key(), days=-1) + certificate(private_key(), days=3)
        assert saved(client, service, certificates=both).status_code == 302

    def test_a_certificate_as_metadata_holds_it_will_do(self, client, chief):
        service = saml_service(SamlProvider())
        bare = "".join(certificate(private_key()).splitlines()[1:-1])
        assert saved(client, service, certificates=bare).status_code == 302
        service.refresh_from_db()
        assert service.certificates.startswith("-----BEGIN CERTIFICATE-----\n")

    def test_there_is_one_of_each_protocol_and_one_in_use(self, client, chief):
        service = a_service()
        sent = {"organisation": service.organisation_id, "protocol": "openid_connect", "label": "Again"}
        assert "a service of this protocol already" in str(complaints(client.post(ADD, sent)))
        second = saml_service(SamlProvider(), organisation=service.organisation, enabled=False)
        assert "Turn that one off first" in str(complaints(saved(client, second, enabled="on")))

    def test_only_what_is_in_use_can_be_required(self, client, chief):
        answer = saved(client, a_service(enabled=False), required="on")
        assert "Only a service that is in use can be required." in str(complaints(answer))

    def test_the_database_keeps_it_too(self):
        for wrong in ({"issuer": ""}, {"sealed_secret": ""}, {"enabled": False, "required": True}):
            with pytest.raises(IntegrityError), transaction.atomic():
                SignOn.objects.filter(pk=a_service(organisation=make.organisation()).pk).update(**wrong)


class TestWhoMay:
    @pytest.mark.parametrize(
        "who", [make.coordinator, lambda programme: make.member(make.partner(programme), role="lead")]
    )
    def test_neither_coordinators_nor_leads(self, client, who):
        service = a_service()
        user = who(make.programme())
        enter(client, user)
        for page in (ADD, change(service), "/admin/partners/signon/"):
            assert client.get(page).status_code in (302, 403)
        with pytest.raises(PermissionDenied):
            keep(service, by=user)
        assert not SignOn.objects.visible_to(user).exists()


class TestChangingWhoIsBelieved:
    @pytest.mark.parametrize("field", ["entity_id", "subject_attribute"])
    def test_undoes_every_link_for_the_same_identifier_may_mean_somebody_else(self, client, chief, field):
        service = saml_service(SamlProvider())
        SocialAccount.objects.create(user=make.person(), provider=service.key, uid="1", extra_data={})
        kept = SocialAccount.objects.create(user=make.person(), provider="another", uid="1", extra_data={})
        saved(client, service, label="Another name", certificates=certificate(private_key()))
        assert SocialAccount.objects.count() == 2
        saved(client, service, **{field: "https://another.example/"})
        assert list(SocialAccount.objects.all()) == [kept]
        assert Event.objects.filter(verb="sign_on.links_undone", object_id=service.pk).count() == 1

    def test_leaves_the_addresses_as_they_are_when_the_organisation_gets_another(self, client, chief):
        service = a_service()
        type(service.organisation).objects.update(slug="renamed")
        saved(client, service, label="Another name")
        service.refresh_from_db()
        assert service.key == "force-oidc"

    def test_a_name_in_addresses_is_given_once(self, client, chief):
        a_service()
        SignOn.objects.update(key="other-oidc")
        other = organisation_with_domain("other", "other.example")
        client.post(ADD, {"organisation": other.pk, "protocol": "openid_connect", "label": "Other"})
        assert SignOn.objects.get(organisation=other).key == "other-oidc-2"
