//===- Module.cpp - The runtime's C interface for Python ------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `mlc._mlc`: a loaded artifact with its session. Knows element types by the
// runtime's names only; what they are in NumPy is the package's business.
//
//===----------------------------------------------------------------------===//

#include "mlc/Runtime/Runtime.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

namespace py = pybind11;

namespace {

struct Free {
  void operator()(void *pointer) const { free(pointer); }
};
using Memory = std::unique_ptr<void, Free>;

[[noreturn]] void fail(mlc_status status, const std::string &message) {
  const char *type = status == MLC_ERROR_LOAD    ? "LoadError"
                     : status == MLC_ERROR_INPUT ? "InputError"
                                                 : "Error";
  py::object error = py::module_::import("mlc.errors").attr(type);
  PyErr_SetString(error.ptr(), message.c_str());
  throw py::error_already_set();
}

/// An array as the caller passes it, with what names its elements.
struct Argument {
  std::string name;
  py::array array;
  int32_t dtype;
  std::vector<int64_t> shape, strides;

  explicit Argument(py::handle item) {
    auto parts = py::cast<py::tuple>(item);
    name = py::cast<std::string>(parts[0]);
    dtype = py::cast<int32_t>(parts[1]);
    if (parts[2].is_none())
      return;
    array = py::reinterpret_borrow<py::array>(parts[2]);
    shape.assign(array.shape(), array.shape() + array.ndim());
    strides.assign(array.strides(), array.strides() + array.ndim());
  }

  mlc_tensor tensor(void *data) const {
    return {name.c_str(),          data,         mlc_dtype(dtype),
            int32_t(shape.size()), shape.data(), strides.data()};
  }
};

/// A copy of an output that the session owned.
struct Copied {
  Memory data;
  std::vector<py::ssize_t> shape;
  size_t elementSize;

  explicit Copied(const mlc_tensor &tensor)
      : shape(tensor.shape, tensor.shape + tensor.rank),
        elementSize(mlc_dtype_size(tensor.dtype)) {
    size_t size = std::accumulate(shape.begin(), shape.end(), elementSize,
                                  std::multiplies<size_t>());
    // NumPy's users expect vectors to load well; sizes are rounded up because
    // aligned_alloc wants that.
    data.reset(aligned_alloc(64, (std::max(size, size_t(1)) + 63) / 64 * 64));
    if (!data)
      throw std::bad_alloc();
    memcpy(data.get(), tensor.data, size);
  }

  py::array wrap(const py::dtype &dtype) {
    py::capsule owner(data.get(), free);
    void *pointer = data.release();
    return py::array(dtype, shape, pointer, owner);
  }
};

class Module {
public:
  Module(const std::string &path, py::handle bytes, bool verify,
         std::optional<int> threads, const std::optional<std::string> &level) {
    mlc_load_options options{sizeof(options), verify};
    mlc_error error;
    mlc_status status;
    if (bytes.is_none()) {
      py::gil_scoped_release release;
      status = mlc_module_load(path.c_str(), &options, &module, &error);
    } else {
      std::string_view data = py::cast<std::string_view>(bytes);
      py::gil_scoped_release release;
      status = mlc_module_load_memory(data.data(), data.size(), &options,
                                      &module, &error);
    }
    if (status)
      fail(status, error.message);
    createSession(threads, level);
  }
  Module(const Module &) = delete;
  ~Module() { release(); }

  py::list describe(bool inputs) const {
    py::list list;
    size_t count =
        inputs ? mlc_module_num_inputs(module) : mlc_module_num_outputs(module);
    for (size_t i = 0; i < count; ++i) {
      const mlc_tensor_info *info =
          inputs ? mlc_module_input(module, i) : mlc_module_output(module, i);
      py::list shape;
      for (int32_t d = 0; d < info->rank; ++d) {
        const mlc_dim_info &dim = info->dims[d];
        shape.append(dim.size >= 0 ? py::object(py::int_(dim.size))
                                   : py::object(py::str(dim.name)));
      }
      list.append(py::make_tuple(info->name, mlc_dtype_name(info->dtype),
                                 py::tuple(shape)));
    }
    return list;
  }

  std::string property(int which) const {
    return mlc_module_property(module, mlc_property(which));
  }
  int threads() const { return mlc_session_threads(session); }
  std::string level() const { return mlc_session_level(session); }

  /// Items are (name, element type, array); an output without an array is
  /// (name, NumPy's element type, None). Yields the arrays of all outputs.
  py::list run(const py::list &inputItems, const py::list &outputItems);

private:
  mlc_module *module = nullptr;
  mlc_session *session = nullptr;
  /// Held from a run until its outputs are copied. Never taken with the GIL.
  std::mutex mutex;

  void release() {
    mlc_session_release(session);
    mlc_module_release(module);
  }

  void createSession(std::optional<int> threads,
                     const std::optional<std::string> &level) {
    mlc_session_options options{};
    options.struct_size = sizeof(options);
    options.threads = threads.value_or(0);
    options.level = level ? level->c_str() : nullptr;
    mlc_error error;
    mlc_status status = mlc_session_create(module, &options, &session, &error);
    if (!status)
      return;
    release();
    fail(status, error.message);
  }
};

/// Outputs of a run: where the caller wants one, `copies` has nothing.
struct Outputs {
  std::vector<mlc_tensor> tensors;
  std::vector<py::object> dtypes;
  std::vector<py::object> arrays;
  std::vector<std::optional<Copied>> copies;
};

/// `storage` must not move afterwards: the tensors point into it.
std::vector<mlc_tensor> makeInputs(const std::vector<Argument> &storage) {
  std::vector<mlc_tensor> tensors;
  for (const Argument &argument : storage)
    tensors.push_back(
        argument.tensor(const_cast<void *>(argument.array.data())));
  return tensors;
}

py::list Module::run(const py::list &inputItems, const py::list &outputItems) {
  std::vector<Argument> inputs, given;
  std::vector<std::string> names;
  for (py::handle item : inputItems)
    inputs.emplace_back(item);
  std::vector<mlc_tensor> inputTensors = makeInputs(inputs);

  given.reserve(outputItems.size());
  names.reserve(outputItems.size());
  Outputs outputs;
  for (py::handle item : outputItems) {
    auto parts = py::cast<py::tuple>(item);
    if (parts[2].is_none()) {
      names.push_back(py::cast<std::string>(parts[0]));
      outputs.tensors.push_back({});
      outputs.tensors.back().name = names.back().c_str();
      outputs.dtypes.push_back(parts[1]);
      outputs.arrays.push_back(py::none());
      continue;
    }
    Argument &argument = given.emplace_back(item);
    outputs.tensors.push_back(argument.tensor(argument.array.mutable_data()));
    outputs.dtypes.push_back(py::none());
    outputs.arrays.push_back(argument.array);
  }
  outputs.copies.resize(outputs.tensors.size());

  mlc_error error;
  mlc_status status;
  {
    py::gil_scoped_release release;
    std::lock_guard<std::mutex> lock(mutex);
    status =
        mlc_session_run(session, inputTensors.data(), inputTensors.size(),
                        outputs.tensors.data(), outputs.tensors.size(), &error);
    for (size_t i = 0; !status && i < outputs.copies.size(); ++i)
      if (!outputs.dtypes[i].is_none())
        outputs.copies[i].emplace(outputs.tensors[i]);
  }
  if (status)
    fail(status, error.message);

  py::list result;
  for (size_t i = 0; i < outputs.copies.size(); ++i)
    if (outputs.copies[i])
      result.append(outputs.copies[i]->wrap(
          py::reinterpret_borrow<py::dtype>(outputs.dtypes[i])));
    else
      result.append(outputs.arrays[i]);
  return result;
}

} // namespace

PYBIND11_MODULE(_mlc, m) {
  m.def("version", &mlc_runtime_version);
  m.def("dtypes", [] {
    std::vector<std::string> names;
    for (int32_t i = 0; mlc_dtype_size(mlc_dtype(i)); ++i)
      names.push_back(mlc_dtype_name(mlc_dtype(i)));
    return names;
  });
  py::class_<Module>(m, "Module")
      .def(py::init<const std::string &, py::handle, bool, std::optional<int>,
                    const std::optional<std::string> &>())
      .def("describe", &Module::describe)
      .def("property", &Module::property)
      .def("threads", &Module::threads)
      .def("level", &Module::level)
      .def("run", &Module::run);
}
