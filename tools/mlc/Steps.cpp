//===- Steps.cpp ----------------------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"

#include "mlc/Runtime/Artifact_generated.h"

namespace mlc::tool {

namespace {

std::string text(const fb::Value &value) {
  return value.reg() < 0 ? std::to_string(value.literal())
                         : "r" + std::to_string(value.reg());
}

std::string text(const fb::BufferRef &ref) {
  std::string result = "b" + std::to_string(ref.buffer());
  if (ref.offset().reg() >= 0 || ref.offset().literal() != 0)
    result += "+" + text(ref.offset());
  return result;
}

template <typename T>
std::string list(const flatbuffers::Vector<const T *> *items) {
  std::string result;
  for (uint32_t i = 0; items && i < items->size(); ++i)
    result += (i ? ", " : "") + text(*items->Get(i));
  return result;
}

std::string text(const fb::Instr &instr) {
  auto reg = [](uint32_t number) { return "r" + std::to_string(number); };
  std::string result =
      reg(instr.dst()) + " = " + fb::EnumNameOpcode(instr.op());
  if (instr.op() == fb::Opcode::Const)
    return result + " " + std::to_string(instr.imm());
  result += " " + reg(instr.a());
  if (instr.op() != fb::Opcode::Copy)
    result += " " + reg(instr.b());
  if (instr.op() == fb::Opcode::Select)
    result += " " + reg(instr.c());
  return result;
}

std::string code(const flatbuffers::Vector<const fb::Instr *> *instrs) {
  std::string result = "eval";
  for (uint32_t i = 0; instrs && i < instrs->size(); ++i)
    result += (i ? "; " : " ") + text(*instrs->Get(i));
  return result;
}

/// Prints steps; `blocks` holds what is open around the current one.
class StepPrinter {
public:
  explicit StepPrinter(const fb::Metadata &metadata) : metadata(metadata) {}

  std::vector<std::string> print() {
    const fb::Program &program = *metadata.program();
    if (program.bind())
      lines.push_back("bind: " + code(program.bind()));
    uint32_t count = program.steps() ? program.steps()->size() : 0;
    range(0, count, 0);
    return std::move(lines);
  }

private:
  void add(uint32_t step, unsigned depth, const std::string &what) {
    lines.push_back(std::to_string(step) + ": " + std::string(2 * depth, ' ') +
                    what);
  }
  template <typename T> const T &table(uint32_t step) const {
    return *static_cast<const T *>(
        static_cast<const void *>(metadata.program()->steps()->Get(step)));
  }
  void range(uint32_t begin, uint32_t end, unsigned depth);
  std::string simple(uint32_t step, fb::Step kind) const;
  std::string call(const fb::CallStep &call) const;

  const fb::Metadata &metadata;
  std::vector<std::string> lines;
};

void StepPrinter::range(uint32_t begin, uint32_t end, unsigned depth) {
  for (uint32_t step = begin; step < end; ++step) {
    auto kind = metadata.program()->steps_type()->GetEnum<fb::Step>(step);
    if (kind == fb::Step::IfStep) {
      auto &branch = table<fb::IfStep>(step);
      uint32_t middle = step + 1 + branch.then_steps();
      uint32_t after = middle + branch.else_steps();
      add(step, depth, "if " + text(*branch.condition()));
      range(step + 1, middle, depth + 1);
      if (middle != after)
        add(step, depth, "else");
      range(middle, after, depth + 1);
      step = after - 1;
    } else if (kind == fb::Step::LoopStep) {
      auto &loop = table<fb::LoopStep>(step);
      add(step, depth,
          "loop r" + std::to_string(loop.counter()) + " < " +
              text(*loop.trip_count()) + " while " + text(*loop.condition()));
      range(step + 1, step + 1 + loop.body_steps(), depth + 1);
      step += loop.body_steps();
    } else {
      add(step, depth, simple(step, kind));
    }
  }
}

std::string StepPrinter::call(const fb::CallStep &call) const {
  const fb::Kernel &kernel = *metadata.kernels()->Get(call.kernel());
  std::string result = "call " + kernel.name()->str();
  result += "(" + list(call.buffers()) + ") sizes [" + list(call.sizes()) +
            "] grid " + text(*call.grid());
  if (call.cost())
    result += " cost " + text(*call.cost()) + " ns";
  if (call.name())
    result += "  // " + call.name()->str();
  return result;
}

std::string StepPrinter::simple(uint32_t step, fb::Step kind) const {
  switch (kind) {
  case fb::Step::EvalStep:
    return code(table<fb::EvalStep>(step).code());
  case fb::Step::LoadStep: {
    auto &load = table<fb::LoadStep>(step);
    return "r" + std::to_string(load.dst()) + " = load " +
           fb::EnumNameDType(load.dtype()) + " " + text(*load.source()) + "[" +
           text(*load.index()) + "]";
  }
  case fb::Step::StoreStep: {
    auto &store = table<fb::StoreStep>(step);
    return std::string("store ") + fb::EnumNameDType(store.dtype()) + " " +
           text(*store.target()) + "[" + text(*store.index()) +
           "] = " + text(*store.value());
  }
  case fb::Step::CallStep:
    return call(table<fb::CallStep>(step));
  case fb::Step::CopyStep: {
    auto &copy = table<fb::CopyStep>(step);
    return "copy " + text(*copy.source()) + " to " + text(*copy.target()) +
           ", " + text(*copy.bytes()) + " bytes";
  }
  case fb::Step::SwapStep:
    return "swap b" + std::to_string(table<fb::SwapStep>(step).a()) + " b" +
           std::to_string(table<fb::SwapStep>(step).b());
  case fb::Step::FailStep:
    return "fail if " + text(*table<fb::FailStep>(step).condition()) + ": " +
           table<fb::FailStep>(step).message()->str();
  case fb::Step::GrowStep:
    return "grow b" + std::to_string(table<fb::GrowStep>(step).buffer());
  default:
    return fb::EnumNameStep(kind);
  }
}

const fb::Metadata &metadataOf(const mlc_module *module) {
  return *fb::GetMetadata(mlc_module_metadata(module, nullptr));
}

} // namespace

std::vector<std::string> describeSteps(const mlc_module *module) {
  return StepPrinter(metadataOf(module)).print();
}

std::vector<std::string> describeBuffers(const mlc_module *module) {
  const fb::Program &program = *metadataOf(module).program();
  std::vector<std::string> lines;
  for (uint32_t i = 0; program.buffers() && i < program.buffers()->size();
       ++i) {
    const fb::Buffer &buffer = *program.buffers()->Get(i);
    std::string line = "b" + std::to_string(i) + ": " +
                       fb::EnumNameBufferKind(buffer.kind()) + ", " +
                       text(*buffer.size()) + " bytes";
    if (buffer.kind() == fb::BufferKind::Input ||
        buffer.kind() == fb::BufferKind::Output)
      line += ", number " + std::to_string(buffer.index());
    else if (buffer.kind() == fb::BufferKind::Weight ||
             program.arena_size() >= 0)
      line += " at " + std::to_string(buffer.offset());
    if (buffer.kind() == fb::BufferKind::Arena)
      line += ", steps " + std::to_string(buffer.first_step()) + ".." +
              std::to_string(buffer.last_step());
    lines.push_back(line);
  }
  return lines;
}

} // namespace mlc::tool
