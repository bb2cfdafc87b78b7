"""How the rows of a model come by the values of a facet, and the shortest way to count them.

A path such as ``themes__slug`` is read once: what it leads to (``target`` and its ``field``), and whether each row
has one value there or may have several. What is counted are ids of what the path leads to, straight from the table
that ties them to the rows; their names are read afterwards, of the few that there are.
"""

from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, Case, Count, F, Model, Q, Value, When


@dataclass(frozen=True)
class Way:
    """From a model along ``relations`` to ``field`` of ``target``; ``by_id`` says that ids are counted, not values."""

    model: type[Model]
    relations: tuple
    target: type[Model]
    field: str

    @property
    def path(self):
        """The names of the relations, joined."""
        return "__".join(each.name for each in self.relations)

    @property
    def by_id(self):
        """Whether several rows share a row of the target; else the value itself stands with each of them."""
        return bool(self.relations) and not self.relations[-1].one_to_many

    @property
    def tie(self):
        """What is counted, as a path from the model."""
        return self.path if self.by_id else "__".join([*(each.name for each in self.relations), self.field])

    @property
    def single(self):
        """Whether each row of the model has at most one value."""
        return not any(each.one_to_many or each.many_to_many for each in self.relations)

    def things(self, values):
        """Return the rows of the target that have one of the values."""
        return self.target._base_manager.filter(**{f"{self.field}__in": values})

    def holding(self, values, where):
        """Return the ``Q`` that holds for the model's rows that have one of the values, where ``where`` holds."""
        if not self.relations:
            return Q(**{f"{self.field}__in": values}) & where
        if self.single:
            return Q(**{f"{self.path}__in": self.things(values)}) & where
        ties, owner, _once = self.ties(where)
        return Q(pk__in=ties.filter(**{f"{self._inner}{self.field}__in": values}).values(owner))

    def counted(self, where, among):
        """Return the query of ``(tie, number)`` over the rows whose ids ``among`` holds, if they may have several."""
        ties, owner, once = self.ties(where)
        tie = self._inner.removesuffix("__") if self.by_id else f"{self._inner}{self.field}"
        rows = ties.filter(held(Q(**{f"{owner}__in": among}))).order_by().values(tie=F(tie))
        return rows.annotate(number=Count(owner, distinct=not once))

    def ties(self, where):
        """Return the rows that tie the model's to their values, the name of their owner, and if each ties but once."""
        link = self._link
        if link is None:
            return self.model._base_manager.filter(where), "pk", False
        model, owner = link
        once = self.by_id and any(
            set(each) <= {owner, self._inner.removesuffix("__")}
            for each in (*(c.fields for c in model._meta.total_unique_constraints), *model._meta.unique_together)
        )
        return model._base_manager.filter(below(where, f"{self.relations[0].name}__")), owner, once

    @property
    def _link(self):
        """The model that ties, and its field for the owner; None where the path does not begin with such a one."""
        first, *rest = self.relations
        if any(each.one_to_many or each.many_to_many for each in rest):
            return None
        if first.one_to_many:
            return first.related_model, first.field.name
        if first.many_to_many and not first.auto_created:
            return first.remote_field.through, first.m2m_field_name()
        return None

    @property
    def _inner(self):
        """The path from what ties to the target, ready for a field's name."""
        first, *rest = self.relations
        if self._link is None:
            return f"{self.path}__"
        start = [] if first.one_to_many else [first.m2m_reverse_field_name()]
        return "".join(f"{name}__" for name in [*start, *(each.name for each in rest)])


def held(condition):
    """Return a condition as a value that is true or false.

    PostgreSQL cannot know how many rows a common table holds. Asked in this way it reads each table once and looks
    each row up among them; else it may look up each of 100,000 by an index.
    """
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def way(model, path):
    """Return the ``Way`` of a path."""
    relations, target, names = [], model, path.split("__")
    while len(names) > 1 and (found := _relation(target, names[0])) is not None:
        relations.append(found)
        target = found.related_model
        names = names[1:]
    return Way(model, tuple(relations), target, "__".join(names))


def _relation(model, name):
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if field.is_relation else None


def below(condition, prefix):
    """Return a condition on what stands at a path as one on the rows there; raises ``ValueError`` for any other."""
    children = []
    for child in condition.children:
        if isinstance(child, Q):
            children.append(below(child, prefix))
        elif isinstance(child, tuple) and child[0].startswith(prefix):
            children.append((child[0].removeprefix(prefix), child[1]))
        else:
            raise ValueError(f"{child} asks for more than what stands at {prefix}")
    return Q.create(children, condition.connector, condition.negated)


def single_valued(model, condition):
    """Return the condition so that each row of the model stands once, however many rows it looks at."""
    if len(model._base_manager.filter(condition).query.alias_map) < 2:
        return condition
    return Q(pk__in=model._base_manager.filter(condition).values("pk"))
