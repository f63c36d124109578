"""Borel from Python, through its C interface.

    import borel
    nile = borel.Program(open("examples/nile.ppl").read(), "nile.ppl").model()
    fit = nile.given(flow=[1120, 1160, None, 1210]).infer("smc(particles: 10_000)")
    print(fit["level[3]"].mean, fit.log_evidence)

Needs `make library`, and nothing besides the standard library of Python. Where the shared library
is not beside the build, the environment variable BOREL_LIBRARY says where it is.
"""

import collections
import ctypes
import json
import math
import os
import pathlib

__all__ = ["Error", "Estimate", "Filter", "Model", "Posterior", "Program", "version"]


class _Options(ctypes.Structure):
    _fields_ = [
        ("seed", ctypes.c_uint64),
        ("threads", ctypes.c_int32),
        ("rejects_failures", ctypes.c_bool),
        ("seconds", ctypes.c_double),
        ("memory", ctypes.c_int64),
        ("lane_steps", ctypes.c_int64),
        ("progress", ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_double, ctypes.c_void_p)),
        ("context", ctypes.c_void_p),
    ]


class _Estimate(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_double) for name in ("mean", "sd", "mcse", "q5", "q50", "q95", "present")
    ]


Estimate = collections.namedtuple("Estimate", [name for name, _ in _Estimate._fields_])


def _load():
    places = [os.environ.get("BOREL_LIBRARY")]
    root = pathlib.Path(__file__).resolve().parent.parent.parent
    places += [root / ".build" / "release" / name for name in ("libborel.so", "libBorelC.so")]
    for place in places:
        if place and pathlib.Path(place).exists():
            return ctypes.CDLL(str(place))
    raise ImportError("the shared library of Borel is not there: run `make library`")


_library = _load()
_handle, _text, _size = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t
_doubles = ctypes.POINTER(ctypes.c_double)
_options = ctypes.POINTER(_Options)

# Texts that the caller owns are void pointers here, since ctypes would copy a c_char_p and lose it.
_signatures = {
    "version": (_text, []),
    "text_destroy": (None, [ctypes.c_void_p]),
    "error_code": (_text, [_handle]),
    "error_message": (_text, [_handle]),
    "error_json": (_text, [_handle]),
    "error_destroy": (None, [_handle]),
    "program_create": (_handle, [_text, _text]),
    "program_models": (ctypes.c_void_p, [_handle]),
    "program_destroy": (None, [_handle]),
    "model_create": (_handle, [_handle, _text]),
    "model_give_json": (ctypes.c_bool, [_handle, _text]),
    "model_give_reals": (ctypes.c_bool, [_handle, _text, _doubles, _size]),
    "model_destroy": (None, [_handle]),
    "options_init": (None, [_options]),
    "infer": (_handle, [_handle, _text, _options]),
    "predict": (_handle, [_handle, _handle, _options]),
    "posterior_destroy": (None, [_handle]),
    "posterior_draw_count": (_size, [_handle]),
    "posterior_name_count": (_size, [_handle]),
    "posterior_name": (_text, [_handle, _size]),
    "posterior_estimate": (ctypes.c_bool, [_handle, _text, ctypes.POINTER(_Estimate)]),
    "posterior_draws": (ctypes.c_bool, [_handle, _text, _doubles, _size]),
    "posterior_weights": (ctypes.c_bool, [_handle, _doubles, _size]),
    "posterior_log_evidence": (ctypes.c_double, [_handle]),
    "posterior_log_evidence_error": (ctypes.c_double, [_handle]),
    "posterior_summary": (ctypes.c_void_p, [_handle]),
    "posterior_json": (ctypes.c_void_p, [_handle]),
    "filter_create": (_handle, [_handle, _text, _options]),
    "filter_step": (ctypes.c_void_p, [_handle, _text]),
    "filter_destroy": (None, [_handle]),
}
_cannot_fail = ("version", "options_init", "posterior_draw_count", "posterior_name_count",
                "posterior_name", "posterior_log_evidence", "posterior_log_evidence_error")


class Error(Exception):
    """Problems of a program, its data or a run: `code` is that of the first, `problems` are all."""

    def __init__(self, error):
        super().__init__(_library.borel_error_message(error).decode())
        self.code = _library.borel_error_code(error).decode()
        self.problems = json.loads(_library.borel_error_json(error))
        _library.borel_error_destroy(error)


def _declare():
    for name, (result, arguments) in _signatures.items():
        function = getattr(_library, "borel_" + name)
        function.restype = result
        can_fail = not (name in _cannot_fail or name.startswith("error_") or name.endswith("destroy"))
        function.argtypes = arguments + ([ctypes.POINTER(_handle)] if can_fail else [])


_declare()


def _call(name, *arguments):
    """A function that can fail."""
    error = _handle()
    result = getattr(_library, "borel_" + name)(*arguments, ctypes.byref(error))
    if error.value is not None:
        raise Error(error)
    return result


def _owned(pointer):
    """A text that is given back."""
    text = ctypes.cast(pointer, _text).value.decode()
    _library.borel_text_destroy(pointer)
    return text


def version():
    return _library.borel_version().decode()


class _Thing:
    """Something in the library that ends with this object."""

    _kind = ""

    def __init__(self, handle):
        self._handle = handle

    def __del__(self):
        handle, self._handle = getattr(self, "_handle", None), None
        if handle is not None:
            getattr(_library, f"borel_{self._kind}_destroy")(handle)


class Program(_Thing):
    _kind = "program"

    def __init__(self, source, name="<program>"):
        super().__init__(_call("program_create", source.encode(), name.encode()))

    @property
    def models(self):
        """The models with their parameters."""
        return json.loads(_owned(_call("program_models", self._handle)))

    def model(self, name=None):
        return Model(self, name)


class Model(_Thing):
    _kind = "model"

    def __init__(self, program, name=None, _data=None):
        super().__init__(_call("model_create", program._handle, name and name.encode()))
        self._origin = (program, name)
        self._data = _data or {}
        for key, value in self._data.items():
            self._give(key, value)

    def given(self, data=None, **values):
        """The model with data: a dictionary, or values by name. None and NaN are missing."""
        return Model(*self._origin, {**self._data, **(data or {}), **values})

    def _give(self, name, value):
        if hasattr(value, "__array_interface__"):
            value = value.tolist()
        if isinstance(value, (list, tuple)) and value and all(isinstance(x, float) for x in value):
            column = (ctypes.c_double * len(value))(*value)
            _call("model_give_reals", self._handle, name.encode(), column, len(value))
        else:
            _call("model_give_json", self._handle, json.dumps({name: _plain(value)}).encode())

    def infer(self, method=None, *, seed=1, threads=1, seconds=0, memory=0, progress=None):
        """The posterior. `progress` is told the share that is done; returning False stops the run."""
        options = _make_options(seed, threads, seconds, memory, progress)
        return Posterior(_call("infer", self._handle, method and method.encode(), options))

    def predict(self, fit, *, seed=1, threads=1):
        """Data given the latents of a fit of this model."""
        options = _make_options(seed, threads, 0, 0, None)
        return Posterior(_call("predict", self._handle, fit._handle, options))

    def filter(self, method=None, *, seed=1, threads=1):
        """A particle filter over records."""
        options = _make_options(seed, threads, 0, 0, None)
        return Filter(_call("filter_create", self._handle, method and method.encode(), options))


def _plain(value):
    """NaN as missing."""
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, (list, tuple)):
        return [_plain(x) for x in value]
    return value


def _make_options(seed, threads, seconds, memory, progress):
    options = _Options()
    _library.borel_options_init(ctypes.byref(options))
    options.seed, options.threads = seed, threads
    options.seconds, options.memory = seconds, memory
    if progress:
        kind = type(options.progress)
        options.progress = kind(lambda share, _: progress(share) is not False)
    return options


class Posterior(_Thing):
    _kind = "posterior"

    @property
    def names(self):
        count = _library.borel_posterior_name_count(self._handle)
        return [_library.borel_posterior_name(self._handle, k).decode() for k in range(count)]

    def __getitem__(self, name):
        estimate = _Estimate()
        _call("posterior_estimate", self._handle, name.encode(), ctypes.byref(estimate))
        return Estimate(*(getattr(estimate, field) for field in Estimate._fields))

    def draws(self, name):
        """The draws of a scalar, which count with the weights."""
        return self._column("posterior_draws", name.encode())

    @property
    def weights(self):
        return self._column("posterior_weights")

    def _column(self, function, *arguments):
        count = _library.borel_posterior_draw_count(self._handle)
        column = (ctypes.c_double * count)()
        _call(function, self._handle, *arguments, column, count)
        return list(column)

    @property
    def log_evidence(self):
        return _library.borel_posterior_log_evidence(self._handle)

    @property
    def log_evidence_error(self):
        return _library.borel_posterior_log_evidence_error(self._handle)

    @property
    def json(self):
        return json.loads(_owned(_call("posterior_json", self._handle)))

    def __str__(self):
        return _owned(_call("posterior_summary", self._handle))


class Filter(_Thing):
    _kind = "filter"

    def step(self, record):
        """Takes a record in and tells what is known of the state."""
        return json.loads(_owned(_call("filter_step", self._handle, json.dumps(record).encode())))
