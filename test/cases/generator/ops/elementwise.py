"""Ops that work element by element, with broadcasting."""

from generator import types
from generator.builder import Rejected, input_types, is_exact
from generator.ops import TABLE, register

UNARY = {
    "Abs": (-4, 4), "Acos": (-0.875, 0.875), "Acosh": (1.125, 4), "Asin": (-0.875, 0.875), "Asinh": (-4, 4), "Atan": (-4, 4),
    "Atanh": (-0.875, 0.875), "BitwiseNot": (-4, 4), "Cos": (-4, 4), "Cosh": (-4, 4), "Erf": (-4, 4), "Exp": (-4, 4),
    "HardSwish": (-4, 4), "Identity": (-4, 4), "Log": (0.125, 8), "Mish": (-4, 4), "Neg": (-4, 4), "Not": (-4, 4),
    "Reciprocal": (0.25, 4), "Relu": (-4, 4), "Sigmoid": (-8, 8), "Sin": (-4, 4), "Sinh": (-4, 4), "Softplus": (-8, 8),
    "Softsign": (-4, 4), "Sqrt": (0, 16), "Tan": (-1.25, 1.25), "Tanh": (-4, 4),
}  # fmt: skip
JUMPING = ("Ceil", "Floor", "IsInf", "IsNaN", "Round", "Sign")
WITH_NUMBERS = {
    "Celu": ("alpha",), "Elu": ("alpha",), "HardSigmoid": ("alpha", "beta"), "LeakyRelu": ("alpha",), "Selu": ("alpha", "gamma"),
    "Shrink": ("bias", "lambd"), "Swish": ("alpha",), "ThresholdedRelu": ("alpha",),
}  # fmt: skip
ARITHMETIC = ("Add", "Sub", "Mul")
COMPARISONS = ("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual")
LOGIC = ("And", "Or", "Xor")
BITWISE = ("BitwiseAnd", "BitwiseOr", "BitwiseXor")
VARIADIC = ("Max", "Mean", "Min", "Sum")


def unary(name, **settings):
    @register(name, **settings)
    def draw(b, x):
        b.add(name, [x], smooth=not settings.get("exact", False))


def with_numbers(name, attributes):
    @register(name, exact=name in ("Shrink", "ThresholdedRelu"))
    def draw(b, x):
        given = {attribute: b.choose(0.125, 0.25, 0.5, 1.0, 1.5) for attribute in attributes if b.chance(0.7)}
        b.add(name, [x], smooth=not TABLE[name].exact, **given)


def binary(name, **settings):
    @register(name, **settings)
    def draw(b, x):
        inputs = [x, second(b, x, exact=TABLE[name].exact)]
        if b.chance(0.3):
            inputs.reverse()
        b.add(name, inputs, smooth=not TABLE[name].exact)


def second(b, x, low=-4, high=4, exact=False):
    """What can be combined with `x`: of its shape, narrower, or wider."""
    array = b[x]
    shape = array.shape
    if b.chance(0.15) and array.ndim < 5:
        shape = (b.choose(1, 2, 3), *shape)
    elif b.chance(0.6):
        shape = b.narrowed(shape)
    return b.other(shape, array.dtype, low, high, is_exact if exact else lambda _: True)


for op, (low, high) in UNARY.items():
    unary(op, low=low, high=high)
for op in JUMPING:
    unary(op, exact=True)
for op, attributes in WITH_NUMBERS.items():
    with_numbers(op, attributes)
for op in ARITHMETIC + LOGIC + BITWISE:
    binary(op)
for op in COMPARISONS:
    binary(op, exact=True)
for op in VARIADIC:

    @register(op)
    def draw_variadic(b, x, op=op):
        inputs = [x] + [second(b, x) for _ in range(b.rng.randrange(3))]
        b.rng.shuffle(inputs)
        b.add(op, inputs)


@register("Div")
def draw_div(b, x):
    divisor = b.leaf(b.narrowed(b.shape_of(x)), b[x].dtype, 1, 5)
    b.add("Div", [x, divisor])


@register("Mod", exact=True)
def draw_mod(b, x):
    dtype = b[x].dtype
    fmod = 1 if types.is_float(dtype) else b.choose(0, 1)
    b.add("Mod", [x, b.leaf(b.narrowed(b.shape_of(x)), dtype, 1, 5)], smooth=False, fmod=fmod)


@register("Pow", low=0.125, high=4)
def draw_pow(b, x):
    dtype = b[x].dtype
    exponent = dtype if b.opset < 12 or b.chance(0.6) else b.dtype(input_types("Pow", b.opset, 1))
    b.add("Pow", [x, b.leaf(b.narrowed(b.shape_of(x)), exponent, 0, 3)])


@register("BitShift")
def draw_shift(b, x):
    amount = b.leaf(b.narrowed(b.shape_of(x)), b[x].dtype, 0, 7)
    b.add("BitShift", [x, amount], direction=b.choose("LEFT", "RIGHT"))


@register("PRelu")
def draw_prelu(b, x):
    b.add("PRelu", [x, b.leaf(b.narrowed(b.shape_of(x)), b[x].dtype, 0, 1)])


@register("Clip")
def draw_clip(b, x):
    low, high = b.choose(-2, -1, 0), b.choose(0, 1, 3)
    dtype = b[x].dtype
    if dtype in types.UNSIGNED:
        low = 0
    if b.opset < 11:
        b.add("Clip", [x], min=float(low) if b.chance(0.8) else None, max=float(high) if b.chance(0.8) else None)
        return
    bounds = [b.scalar(value, dtype) if b.chance(0.8) else "" for value in (low, high)]
    b.add("Clip", [x, *bounds])


@register("Gelu")
def draw_gelu(b, x):
    b.add("Gelu", [x], approximate=b.choose("none", "tanh", None))


@register("Where", dtypes=(types.BOOL,))
def draw_where(b, condition):
    dtype = b.dtype(input_types("Where", b.opset, 1))
    shape = b.shape_of(condition)
    b.add("Where", [condition, b.other(shape, dtype), b.other(b.narrowed(shape), dtype)])


def cast_target(b, dtype):
    """A type to which no number of the operand is cast beyond the range."""
    allowed = [other for other in input_types("Cast", b.opset) if other != dtype or b.chance(0.1)]
    return b.dtype(allowed)


def check_cast(b, x, target):
    array = b[x]
    if types.is_float(array.dtype) and not types.is_float(target):
        if not is_exact(array):
            raise Rejected("numbers with rounding errors would be cut")
        if target in types.UNSIGNED and (array < 0).any():
            raise Rejected("negative numbers have no unsigned form")


@register("Cast")
def draw_cast(b, x):
    target = cast_target(b, b[x].dtype)
    check_cast(b, x, target)
    b.add("Cast", [x], to=types.to_onnx(target))


@register("CastLike")
def draw_cast_like(b, x):
    target = cast_target(b, b[x].dtype)
    check_cast(b, x, target)
    b.add("CastLike", [x, b.leaf(b.shape(b.rng.randrange(2)), target)])


@register("BitCast")
def draw_bit_cast(b, x):
    array = b[x]
    if not is_exact(array):
        raise Rejected("numbers with rounding errors have no certain bits")
    alike = [other for other in input_types("BitCast", b.opset) if other.itemsize == array.dtype.itemsize]
    b.add("BitCast", [x], to=types.to_onnx(b.dtype([other for other in alike if other != types.BOOL])))


@register("Dropout")
def draw_dropout(b, x):
    # What the mask is where nothing is dropped is only said since version 12.
    b.add("Dropout", [x], count=b.choose(1, 2) if b.opset >= 12 else 1)
